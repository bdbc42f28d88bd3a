"use client";

// The same as outside, with the sidebar still there.
export { ErrorMessage as default } from "@/app/_ui/error-message";

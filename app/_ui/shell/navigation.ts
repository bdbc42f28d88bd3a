import {
  ActivityIcon,
  CalendarIcon,
  DashboardIcon,
  ListIcon,
  SearchIcon,
  SettingsIcon,
  TagIcon,
  TodayIcon,
  TrashIcon,
  type Icon,
} from "@/app/_ui/icons";
import type { SkeletonKind } from "@/app/_ui/skeletons";

export type Place = {
  href: string;
  name: string;
  icon: Icon;
  /** What its page looks like while it is on its way. */
  skeleton: SkeletonKind;
  /** Which of the counts stands beside it. */
  count?: "today" | "upcoming" | "all";
};

export const today: Place = {
  href: "/today",
  name: "Today",
  icon: TodayIcon,
  skeleton: "days",
  count: "today",
};
export const upcoming: Place = {
  href: "/upcoming",
  name: "Upcoming",
  icon: CalendarIcon,
  skeleton: "days",
  count: "upcoming",
};
export const search: Place = { href: "/search", name: "Search", icon: SearchIcon, skeleton: "search" };

/** The places above the tags, in the order of the sidebar. */
export const upperPlaces: readonly Place[] = [
  search,
  today,
  upcoming,
  { href: "/todos", name: "All", icon: ListIcon, skeleton: "filtered", count: "all" },
  { href: "/dashboard", name: "Dashboard", icon: DashboardIcon, skeleton: "dashboard" },
  { href: "/tags", name: "Tags", icon: TagIcon, skeleton: "tags" },
];

/** The places below them, for now and then. */
export const lowerPlaces: readonly Place[] = [
  { href: "/trash", name: "Trash", icon: TrashIcon, skeleton: "plain" },
  { href: "/activity", name: "Activity", icon: ActivityIcon, skeleton: "activity" },
  { href: "/settings", name: "Settings", icon: SettingsIcon, skeleton: "form" },
];

import type { TagLabel } from "../todos/types";

export type Tag = TagLabel & {
  /** An emoji or a few characters; null for none. */
  icon: string | null;
};

export type TagRow = Tag & {
  /** How many of the person's own todos carry it and are not done, nor in the trash. */
  openCount: number;
  /** The same with those that are done. */
  totalCount: number;
};

export type NewTag = Omit<Tag, "id"> & {
  /** Made by whoever asks (newId), so that a repeated create is the same create. */
  id?: string | undefined;
};

/** All of a tag; without an icon, not even null, it keeps the one it has. */
export type TagEdit = Omit<Tag, "icon"> & { icon?: string | null | undefined };

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

export type Place = {
  href: string;
  name: string;
  icon: Icon;
  /** Which of the counts stands beside it. */
  count?: "today" | "upcoming" | "all";
};

export const today: Place = { href: "/today", name: "Today", icon: TodayIcon, count: "today" };
export const upcoming: Place = { href: "/upcoming", name: "Upcoming", icon: CalendarIcon, count: "upcoming" };
export const search: Place = { href: "/search", name: "Search", icon: SearchIcon };

/** The places above the tags, in the order of the sidebar. */
export const upperPlaces: readonly Place[] = [
  search,
  today,
  upcoming,
  { href: "/todos", name: "All", icon: ListIcon, count: "all" },
  { href: "/dashboard", name: "Dashboard", icon: DashboardIcon },
  { href: "/tags", name: "Tags", icon: TagIcon },
];

/** The places below them, for now and then. */
export const lowerPlaces: readonly Place[] = [
  { href: "/trash", name: "Trash", icon: TrashIcon },
  { href: "/activity", name: "Activity", icon: ActivityIcon },
  { href: "/settings", name: "Settings", icon: SettingsIcon },
];

import type { ComponentProps, ReactNode } from "react";

export type IconProps = Omit<ComponentProps<"svg">, "children">;
export type Icon = (props: IconProps) => ReactNode;

/**
 * One stroke, one box of 20 units. Icons stand beside words, so they are hidden from assistive technology. How they are
 * drawn stands in primitives.css, once, and not in each of the hundreds that a list holds.
 */
function draw(paths: ReactNode): Icon {
  return function DrawnIcon(props: IconProps) {
    return (
      <svg data-slot="icon" viewBox="0 0 20 20" aria-hidden="true" {...props}>
        {paths}
      </svg>
    );
  };
}

const dot = (x: number, y: number) => <circle cx={x} cy={y} r="1" fill="currentColor" stroke="none" />;

export const TodayIcon = draw(
  <>
    <circle cx="10" cy="10" r="3.25" />
    <path d="M10 2.5v1.4M10 16.1v1.4M2.5 10h1.4M16.1 10h1.4M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1" />
  </>,
);
export const CalendarIcon = draw(
  <>
    <rect x="3" y="4" width="14" height="13" rx="2" />
    <path d="M3 8.25h14M6.75 2.5v3M13.25 2.5v3" />
  </>,
);
export const ListIcon = draw(
  <>
    <path d="M8 5.25h8.5M8 10h8.5M8 14.75h8.5" />
    {dot(4.25, 5.25)}
    {dot(4.25, 10)}
    {dot(4.25, 14.75)}
  </>,
);
export const DashboardIcon = draw(
  <path d="M3 16.75h14M5.25 13.5V10M10 13.5V3.5M14.75 13.5V7" strokeWidth="1.75" />,
);
export const SearchIcon = draw(
  <>
    <circle cx="8.75" cy="8.75" r="5.25" />
    <path d="m12.75 12.75 4 4" />
  </>,
);
export const TagIcon = draw(
  <>
    <path d="M3.25 4.75v4.6c0 .4.16.8.44 1.06l6.4 6.4a1.5 1.5 0 0 0 2.12 0l4.6-4.6a1.5 1.5 0 0 0 0-2.12l-6.4-6.4a1.5 1.5 0 0 0-1.06-.44h-4.6c-.83 0-1.5.67-1.5 1.5Z" />
    {dot(6.9, 6.9)}
  </>,
);
export const TrashIcon = draw(
  <path d="M3.5 5.25h13M7.75 5.25V4c0-.7.55-1.25 1.25-1.25h2c.7 0 1.25.55 1.25 1.25v1.25M5 5.25l.62 10.1c.05.8.7 1.4 1.5 1.4h5.76c.8 0 1.45-.6 1.5-1.4L15 5.25M8.25 8.75v4.5M11.75 8.75v4.5" />,
);
export const ActivityIcon = draw(<path d="M2.5 10.5h3l2.25-6 4 11.5 2.5-7 1 1.5h2.25" />);
export const SettingsIcon = draw(
  <>
    <path d="M3 6h7.25M14.75 6H17M3 14h2.25M9.75 14H17" />
    <circle cx="12.5" cy="6" r="2.25" />
    <circle cx="7.5" cy="14" r="2.25" />
  </>,
);
export const PlusIcon = draw(<path d="M10 4v12M4 10h12" />);
export const CrossIcon = draw(<path d="m5 5 10 10M15 5 5 15" />);
export const ChevronIcon = draw(<path d="m5.5 8 4.5 4.5L14.5 8" />);
export const MenuIcon = draw(<path d="M3 5.5h14M3 10h14M3 14.5h14" />);
export const SidebarIcon = draw(
  <>
    <rect x="2.75" y="3.75" width="14.5" height="12.5" rx="2" />
    <path d="M7.75 3.75v12.5" />
  </>,
);
export const RestoreIcon = draw(<path d="M3.5 4.25v4h4M3.9 8.1a6.5 6.5 0 1 1-.3 3.4" />);
export const SignOutIcon = draw(
  <path d="M8 3.25H5.25c-.83 0-1.5.67-1.5 1.5v10.5c0 .83.67 1.5 1.5 1.5H8M12.5 6.5 16 10l-3.5 3.5M16 10H7.75" />,
);

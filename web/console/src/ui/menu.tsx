// A button with a menu: opened by a press, walked with arrows, and closed with the focus back on the button.
import { Dropdown, type MenuProps } from "antd";
import { useRef, type ReactElement, type ReactNode } from "react";

export function Menu({ menu, children }: { menu: MenuProps; children: ReactElement }): ReactNode {
  const place = useRef<HTMLSpanElement>(null);
  return (
    <span ref={place} style={{ display: "contents" }}>
      <Dropdown trigger={["click"]} autoFocus menu={menu} onOpenChange={(open) => {
        // The library leaves the focus in the menu that is gone.
        const now = document.activeElement;
        if (!open && (!now || now === document.body || now.closest(".ant-dropdown"))) place.current?.querySelector("button")?.focus();
      }}>{children}</Dropdown>
    </span>
  );
}

import { Menu } from '@base-ui/react/menu';
import { Icon } from './icon.tsx';

export interface MenuAct {
  readonly name: string;
  readonly isDanger?: boolean;
  readonly act: () => void;
}

interface ActsMenuProps {
  /** Names the row: "Actions for laptop". */
  readonly label: string;
  readonly acts: readonly MenuAct[];
}

/** What can be done with one row, behind three dots. */
export const ActsMenu = ({ label, acts }: ActsMenuProps) => (
  <Menu.Root modal={false}>
    <Menu.Trigger className="button icon-only quiet small" aria-label={label}>
      <Icon name="more" />
    </Menu.Trigger>
    <Menu.Portal>
      <Menu.Positioner className="menu-place" align="end" sideOffset={4}>
        <Menu.Popup className="menu">
          {acts.map(({ name, isDanger = false, act }) => (
            <Menu.Item className={`menu-item${isDanger ? ' danger' : ''}`} key={name} onClick={act}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  </Menu.Root>
);

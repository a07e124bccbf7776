import { type PlaceGroup, Shell } from '../shell/shell.tsx';
import { useTexts } from '../texts.ts';
import { portalTexts } from './portal.texts.ts';

/** The frame of the Portal. */
export function PortalShell() {
  const texts = useTexts(portalTexts);
  const groups: readonly PlaceGroup[] = [
    { name: texts.use, places: [{ to: '/portal/models', name: texts.models, icon: 'tag', isMain: true }] },
  ];
  return <Shell home="/portal" groups={groups} />;
}

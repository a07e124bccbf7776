import { useQuery } from '@tanstack/react-query';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { Explanation } from '../explanation/explanation.tsx';
import { logQuery } from './log-queries.ts';
import { logsTexts } from './logs.texts.ts';

/** Why one row is what it is: the facts that are recorded, computed again. */
export function LogDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const texts = useTexts(logsTexts);
  const log = useQuery(logQuery(id));
  return (
    <Dialog title={texts.why} isDrawer onClose={onClose}>
      <div className="dialog-body desk">
        <Loaded query={log} skeleton={<SkeletonLines lines={12} />}>
          {({ explanation }) => <Explanation explanation={explanation} />}
        </Loaded>
      </div>
    </Dialog>
  );
}

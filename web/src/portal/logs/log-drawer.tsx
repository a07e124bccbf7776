import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { explainedTexts } from './explained.texts.ts';
import { logQuery } from './logs-queries.ts';
import { Receipt } from './receipt.tsx';
import { RowReceipt } from './row-receipt.tsx';

/** Why, beside the list. */
export function LogDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const texts = useTexts(explainedTexts);
  const log = useQuery(logQuery(id));
  return (
    <Dialog title={texts.title} isDrawer onClose={onClose}>
      <div className="dialog-body">
        <Loaded query={log} skeleton={<SkeletonLines lines={9} />}>
          {({ log: row, explanation }) => <Receipt row={row} explanation={explanation} />}
        </Loaded>
      </div>
      <div className="dialog-foot">
        {log.data?.log.request_id && <CopyButton text={log.data.log.request_id} label={texts.copy} />}
        {log.data && <RowReceipt row={log.data.log} />}
        <Link className="button" to="/portal/logs/$id" params={{ id }}>
          {texts.page}
        </Link>
      </div>
    </Dialog>
  );
}

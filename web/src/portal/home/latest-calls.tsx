import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { SkeletonTable } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { LogRows, useLogColumns } from '../logs/log-rows.tsx';
import { logsQuery } from '../logs/logs-queries.ts';
import { homeTexts } from './home.texts.ts';

const SHOWN = 5;

/** The newest rows; each leads to why. */
export function LatestCalls() {
  const texts = useTexts(homeTexts);
  const columns = useLogColumns();
  const logs = useQuery(logsQuery({}, SHOWN));
  return (
    <Card title={texts.calls} aside={<Link to="/portal/logs">{texts.allCalls}</Link>}>
      <Loaded
        query={logs}
        skeleton={<SkeletonTable className="two-lines" label={texts.calls} columns={columns} rows={SHOWN} />}
      >
        {({ logs: rows }) => <LogRows label={texts.calls} rows={rows} />}
      </Loaded>
    </Card>
  );
}

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { CallSteps } from './call-steps.tsx';
import { explainedTexts } from './explained.texts.ts';
import { type LogRow, logQuery } from './logs-queries.ts';
import { logsTexts } from './logs.texts.ts';
import { Receipt } from './receipt.tsx';
import { RowReceipt } from './row-receipt.tsx';
import { RequestFacts } from './request-facts.tsx';

const route = getRouteApi('/_portal/_signed-in/portal/logs/$id');

/** One figure and what it came from, as a page that can be sent and printed. */
export function LogPage() {
  const texts = useTexts(explainedTexts);
  const { id } = route.useParams();
  const log = useQuery(logQuery(id));
  const row = log.data?.log;
  return (
    <>
      <PageHead
        title={texts.title}
        crumb={
          <Link className="crumb" to="/portal/logs">
            <Icon name="back" small />
            {texts.logs}
          </Link>
        }
        lead={row ? <Lead of={row} /> : '–'}
        actions={
          <>
            {row?.request_id && <CopyButton text={row.request_id} label={texts.copy} />}
            {row && <RowReceipt row={row} />}
            <button className="button" type="button" onClick={() => print()}>
              <Icon name="print" />
              {texts.print}
            </button>
          </>
        }
      />
      <Loaded
        query={log}
        skeleton={
          <section className="card">
            <SkeletonLines lines={9} />
          </section>
        }
      >
        {({ log: shown, explanation }) => (
          <>
            <Receipt row={shown} explanation={explanation} />
            {explanation.call && (
              <div className="pair">
                <CallSteps call={explanation.call} />
                <RequestFacts row={shown} call={explanation.call} explanation={explanation} />
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function Lead({ of: row }: { readonly of: LogRow }) {
  const { types, key } = useTexts(logsTexts);
  const zone = useZone();
  return (
    <>
      {row.model || types[row.type]}
      {row.token_name !== '' && (
        <>
          {` · ${key} `}
          <strong>{row.token_name}</strong>
        </>
      )}
      {' · '}
      <time>{moment(row.at, zone)}</time> {zone}
    </>
  );
}

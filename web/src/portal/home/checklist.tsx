import { Link } from '@tanstack/react-router';
import { Elapsed } from '../../parts/elapsed.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import type { Balance } from './home-page.tsx';
import { homeTexts } from './home.texts.ts';

/** The way to the first charge; one step at a time is offered as the next. */
export function Checklist({ done }: { readonly done: Balance['checklist'] }) {
  const texts = useTexts(homeTexts);
  return (
    <Card title={texts.begin} aside={<Elapsed since={done.since} />}>
      <div className="card-body">
        <p className="muted">{texts.beginLead}</p>
        <ol className="checklist">
          <li className={done.topped_up ? 'done' : undefined}>
            <Step name={texts.topUp} note={done.topped_up ? texts.toppedUp : undefined} />
            {!done.topped_up && (
              <Link className="button small" to="/portal/top-up">
                {texts.topUpNow}
              </Link>
            )}
          </li>
          <li className={done.has_key ? 'done' : undefined}>
            <Step name={texts.key} note={done.has_key ? texts.hasKey : undefined} />
            {!done.has_key && (
              <Link className="button small" to="/portal/keys" search={{ create: true }}>
                {texts.createKey}
              </Link>
            )}
          </li>
          <li className={done.has_called ? 'done' : undefined}>
            <Step name={texts.call} note={done.has_called ? texts.called : undefined} />
            <Link className="button small" to="/portal/connect">
              {texts.how}
            </Link>
          </li>
        </ol>
      </div>
    </Card>
  );
}

const Step = ({ name, note }: { readonly name: string; readonly note: string | undefined }) => (
  <span>
    {name}
    {note !== undefined && (
      <>
        <br />
        <span className="meta">{note}</span>
      </>
    )}
  </span>
);

import { ApiFailure, isSaidBeside } from '../api/failure.ts';
import { countdown } from '../format/dates.ts';
import { useTexts } from '../texts.ts';
import { CopyButton } from './copy.tsx';
import { useCountdown } from './countdown.tsx';
import { Icon } from './icon.tsx';
import { partTexts } from './parts.texts.ts';

/** What an error is called where it is nobody's fault of the form. */
function useWording(error: unknown): string {
  const texts = useTexts(partTexts);
  if (!(error instanceof ApiFailure)) return texts.scriptFailed;
  return error.facts.status === 0 ? texts.offline : error.message;
}

/** What the API says of the one case beside the words of its kind. */
function Detail({ error }: { readonly error: unknown }) {
  const detail = error instanceof ApiFailure ? error.facts.details?.detail : undefined;
  if (typeof detail !== 'string') return null;
  return (
    <>
      <br />
      {detail}
    </>
  );
}

/** Its code and the request's id, for who is asked about it. */
function Evidence({ error }: { readonly error: unknown }) {
  const texts = useTexts(partTexts);
  if (!(error instanceof ApiFailure)) return null;
  const { code, requestId } = error.facts;
  return (
    <p className="meta">
      {texts.code} <code>{code}</code>
      {requestId !== undefined && (
        <>
          {' · '}
          {texts.request} <code>{requestId}</code>
        </>
      )}
    </p>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly retry?: () => void;
}

/** Stands where data should be: text, code, request id, and another try. */
export function Failure({ error, retry }: FailureProps) {
  const texts = useTexts(partTexts);
  const wording = useWording(error);
  const facts = error instanceof ApiFailure ? error.facts : undefined;
  if (facts?.status === 403) return <Forbidden error={error} />;
  return (
    <div className="failure" role="alert">
      <p>
        <Icon name="alert" />
        <strong>{wording}</strong> {facts?.status === 0 && texts.offlineAdvice}
      </p>
      <Evidence error={error} />
      <div className="actions">
        {retry && <RetryButton error={error} retry={retry} />}
        {facts?.requestId !== undefined && (
          <CopyButton className="quiet" text={facts.requestId} label={texts.copyRequestId} />
        )}
      </div>
    </div>
  );
}

function RetryButton({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const texts = useTexts(partTexts);
  const wait = error instanceof ApiFailure ? (error.facts.retryAfterSeconds ?? 0) : 0;
  const left = useCountdown(wait, error);
  return (
    <button className="button" type="button" disabled={left > 0} onClick={retry}>
      <Icon name="retry" />
      {left > 0 ? <span className="num">{countdown(left)}</span> : texts.tryAgain}
    </button>
  );
}

function Forbidden({ error }: { readonly error: unknown }) {
  const texts = useTexts(partTexts);
  const permission = error instanceof ApiFailure ? error.facts.details?.permission : undefined;
  return (
    <div className="banner" role="alert">
      <Icon name="lock" />
      <p>
        {texts.forbidden} {typeof permission === 'string' && texts.forbiddenRole(permission)}
      </p>
    </div>
  );
}

/** Above a form that was not accepted: what is wrong beyond its fields; a 429 counts down. */
export function FormFailure({
  error,
  fields = [],
}: {
  readonly error: unknown;
  readonly fields?: readonly string[];
}) {
  const texts = useTexts(partTexts);
  const wording = useWording(error);
  const facts = error instanceof ApiFailure ? error.facts : undefined;
  const left = useCountdown(facts?.status === 429 ? (facts.retryAfterSeconds ?? 0) : 0, error);
  if (error === null || error === undefined) return null;
  // Each is said beside its field.
  if (error instanceof ApiFailure && isSaidBeside(error, fields)) return null;
  return (
    <div className="banner refused" role="alert">
      <Icon name={facts?.status === 429 ? 'clock' : 'alert'} />
      <div className="fill">
        <p>
          {left > 0 ? texts.again(countdown(left)) : wording}
          <Detail error={error} />
        </p>
        {(facts?.status ?? 500) >= 500 && <Evidence error={error} />}
      </div>
    </div>
  );
}

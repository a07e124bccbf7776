import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiFailure } from '../../api/failure.ts';
import { FormFailure } from '../../parts/failure.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { say } from '../../parts/toasts.tsx';
import {
  type Answered,
  answeredIn,
  type Come,
  comeBack,
  isLinking,
  linkProvider,
  nextPage,
  providersQuery,
} from '../../session/providers.ts';
import { Gate } from '../../shell/gate.tsx';
import { SecondStepForm } from '../../shell/second-step-form.tsx';
import { useTexts } from '../../texts.ts';
import { callbackTexts } from './callback.texts.ts';
import { NewcomerForm } from './newcomer-form.tsx';

const route = getRouteApi('/portal/callback/$provider');

/** What came back is used at once, and does not stay in the address. */
function useComeBack(provider: string) {
  const texts = useTexts(callbackTexts);
  const router = useRouter();
  const [answered] = useState(() => answeredIn(location.search));
  const isUsed = useRef(false);
  const { mutate, data, error } = useMutation({
    mutationFn: async (given: Answered): Promise<Come | 'linked'> => {
      if (!isLinking(given)) return comeBack(provider, given);
      await linkProvider(provider, given);
      return 'linked';
    },
    meta: { signsIn: true },
    onSuccess: (come) => {
      if (come === 'linked') {
        say(texts.linked);
        router.history.replace('/portal/settings');
      } else if (!come.newcomer && !come.secondStep) router.history.replace(nextPage());
    },
  });
  useEffect(() => {
    if (isUsed.current || !answered) return;
    // Once: it would be told that its own code was used.
    isUsed.current = true;
    history.replaceState(history.state, '', location.pathname);
    mutate(answered);
  }, [answered, mutate]);
  return { come: data === 'linked' ? undefined : data, error, wasLeft: !answered, answered };
}

/** Where services of others lead back to. */
export function CallbackPage() {
  const texts = useTexts(callbackTexts);
  const router = useRouter();
  const { provider } = route.useParams();
  const label = useQuery(providersQuery).data?.find(({ name }) => name === provider)?.label ?? provider;
  const { come, error, wasLeft, answered } = useComeBack(provider);
  const [isBack, setBack] = useState(false);
  usePageTitle(texts.title(label));
  if (come?.newcomer) return <NewcomerForm provider={provider} label={label} newcomer={come.newcomer} />;
  // The API speaks of a password, of which there was none here.
  const isLate = error instanceof ApiFailure && error.facts.code === 'sign_in_expired';
  const isLost = wasLeft || error !== null || isBack;
  return (
    <Gate>
      <div className="stack">
        <h1>{isLost ? texts.failed(label) : texts.title(label)}</h1>
        {isLost ? (
          <>
            {isLate ? <p className="muted">{texts.late}</p> : <FormFailure error={error} />}
            {wasLeft && <p className="muted">{texts.left}</p>}
            <Link
              className="button wide"
              to={answered && isLinking(answered) ? '/portal/settings' : '/portal/sign-in'}
            >
              {texts.back}
            </Link>
          </>
        ) : come?.secondStep ? (
          <SecondStepForm
            finish={come.secondStep}
            onBack={() => setBack(true)}
            onDone={() => router.history.replace(nextPage())}
          />
        ) : (
          <p className="muted" role="status">
            {texts.lead}
          </p>
        )}
      </div>
    </Gate>
  );
}

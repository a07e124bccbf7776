import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { FormFailure } from '../../parts/failure.tsx';
import { usePageTitle } from '../../parts/page-head.tsx';
import { chooseLanguage } from '../../preferences.ts';
import { linkSecret } from '../../session/link-secret.ts';
import { enterPerson, personQuery } from '../../session/person.ts';
import { Gate } from '../../shell/gate.tsx';
import { useTexts } from '../../texts.ts';
import { enterTexts } from './enter.texts.ts';

/**
 * The page of a front end's link: uses its code at once. Who has signed in here in their own name is asked first: whoever sends such a link
 * could have them act in somebody else's.
 */
export function EnterPage() {
  const texts = useTexts(enterTexts);
  const router = useRouter();
  const [code] = useState(linkSecret);
  const isUsed = useRef(false);
  const { data: present, isPending: isAsking } = useQuery({ ...personQuery, retry: false });
  const { mutate, error, isIdle } = useMutation({
    mutationFn: () => enterPerson(code),
    onSuccess: ({ page, language }) => {
      if (language !== null) chooseLanguage(language);
      router.history.replace(page);
    },
  });
  const isTheirOwn = present?.session?.via === null;
  const enter = useCallback(() => {
    // Once: it would be told that its own code was used.
    if (isUsed.current || code === '') return;
    isUsed.current = true;
    mutate();
  }, [code, mutate]);
  useEffect(() => {
    if (!isAsking && !isTheirOwn) enter();
  }, [isAsking, isTheirOwn, enter]);
  usePageTitle(texts.title);
  return (
    <Gate>
      <div className="stack">
        {error !== null || code === '' ? (
          <>
            <h1>{texts.failed}</h1>
            <FormFailure error={error} />
            <p className="muted">{code === '' ? texts.noLink : texts.failedAdvice}</p>
            <Link className="button wide" to="/portal/sign-in">
              {texts.signIn}
            </Link>
          </>
        ) : isTheirOwn && isIdle ? (
          <>
            <h1>{texts.anotherTitle}</h1>
            <p className="muted">{texts.another(present?.username ?? '')}</p>
            <button className="button primary wide" type="button" onClick={enter}>
              {texts.goOn}
            </button>
            <Link className="button wide" to="/portal">
              {texts.stay}
            </Link>
          </>
        ) : (
          <>
            <h1>{texts.title}</h1>
            <p className="muted" role="status">
              {texts.lead}
            </p>
          </>
        )}
      </div>
    </Gate>
  );
}

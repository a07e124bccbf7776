import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { answer, api } from '../api/client.ts';
import { queryClient } from '../api/queries.ts';
import { useLanguage } from '../preferences.ts';
import { personQuery } from '../session/person.ts';

/** The language that a person chooses for the pages is the one that they are written to in. */
export function useKeptLanguage(): void {
  const language = useLanguage();
  const { data: person } = useQuery(personQuery);
  const last = useRef(language);
  const may = person?.status === 1;
  useEffect(() => {
    if (last.current === language) return;
    last.current = language;
    if (!may) return;
    // The pages have it in any case; mails stay in the other one where this fails.
    void answer(api.PATCH('/api/user/self', { body: { language } })).then(
      () => queryClient.invalidateQueries({ queryKey: personQuery.queryKey }),
      () => undefined,
    );
  }, [language, may]);
}

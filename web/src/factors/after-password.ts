import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../api/queries.ts';

/** For a card of which every change is after the password. `key`: of the query that it makes old; `act`: what is done then. */
export function useAfterPassword(key: readonly string[], prove: (password: string) => Promise<void>) {
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (act: () => Promise<unknown>) => {
      await prove(password);
      await act();
    },
    meta: { signsIn: true },
    onSuccess: () => {
      setPassword('');
      return queryClient.invalidateQueries({ queryKey: key });
    },
  });
  return { password, setPassword, act: mutate, error, isPending };
}

export type AfterPassword = ReturnType<typeof useAfterPassword>;

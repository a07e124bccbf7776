import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../../api/queries.ts';
import { proveAgain } from '../../session/person.ts';

/** For a card of which every change is after the password. `act`: what is done then. */
export function useAfterPassword(changes: { readonly queryKey: readonly string[] }) {
  const [password, setPassword] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (act: () => Promise<unknown>) => {
      await proveAgain(password);
      await act();
    },
    meta: { signsIn: true },
    onSuccess: () => {
      setPassword('');
      return queryClient.invalidateQueries({ queryKey: changes.queryKey });
    },
  });
  return { password, setPassword, act: mutate, error, isPending };
}

export type AfterPassword = ReturnType<typeof useAfterPassword>;

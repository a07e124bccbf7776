import { useQuery } from '@tanstack/react-query';
import { operatorQuery } from '../../session/operator.ts';

/** Whether who is signed in may do a thing: the page offers only that; the API decides. */
export function useMay(): (permission: string) => boolean {
  const { data: operator } = useQuery(operatorQuery);
  const granted: readonly string[] = operator?.permissions ?? [];
  return (permission) => granted.includes(permission);
}

import { useTexts } from '../../texts.ts';
import { usersTexts } from './users.texts.ts';

export type UserState = 'enabled' | 'suspended' | 'erased';
const marks = { enabled: 'credit', suspended: 'warning', erased: 'off' } as const;

export function UserBadge({ state }: { readonly state: UserState }) {
  const { states } = useTexts(usersTexts);
  return <span className={`badge ${marks[state]}`}>{states[state]}</span>;
}

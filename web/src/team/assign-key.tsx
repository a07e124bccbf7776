import { useState } from 'react';
import { ActDialog } from '../parts/act-dialog.tsx';
import { Select } from '../parts/select.tsx';
import { useTexts } from '../texts.ts';
import type { TeamActs, TeamKey } from './team-types.ts';
import { teamTexts } from './team.texts.ts';

interface AssignKeyProps {
  readonly acts: TeamActs;
  readonly member: string;
  /** Of the account, and not theirs yet. */
  readonly keys: readonly TeamKey[];
  readonly onClose: () => void;
}

/** A key that the account has already becomes a member's. */
export function AssignKey({ acts, member, keys, onClose }: AssignKeyProps) {
  const texts = useTexts(teamTexts);
  const [chosen, setChosen] = useState(keys[0]?.tokenId);
  return (
    <ActDialog
      title={texts.assignTo(member)}
      {...{ effect: texts.assignEffect, action: texts.assign, said: texts.assigned }}
      asksReason={false}
      isHeld={chosen === undefined}
      act={async () => {
        if (chosen !== undefined) await acts.assign(chosen, member);
      }}
      refreshes={acts.refreshes}
      onClose={onClose}
    >
      {() =>
        keys.length === 0 ? (
          <p>{texts.noKeys}</p>
        ) : (
          <Select
            label={texts.key}
            value={String(chosen)}
            options={keys.map(({ tokenId, name }) => [String(tokenId), name] as const)}
            onChoose={(value) => setChosen(Number(value))}
          />
        )
      }
    </ActDialog>
  );
}

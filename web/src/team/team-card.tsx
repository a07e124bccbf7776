import { useState } from 'react';
import { useZone } from '../api/status.ts';
import { moment } from '../format/moment.ts';
import { Money } from '../parts/money.tsx';
import { Card } from '../parts/page-head.tsx';
import { Table } from '../parts/table.tsx';
import { useTexts } from '../texts.ts';
import { AssignKey } from './assign-key.tsx';
import { AddMember, CreateTeam, RemoveMember, SetBudget } from './team-acts.tsx';
import type { Budget, Member, Team, TeamActs, TeamKey } from './team-types.ts';
import { teamTexts } from './team.texts.ts';

type Open =
  | { readonly act: 'add' | 'create' }
  | { readonly act: 'remove' | 'assign'; readonly member: string }
  | { readonly act: 'budget'; readonly member: string; readonly budget: Budget | null }
  | {
      readonly act: 'budget';
      readonly tokenId: number;
      readonly name: string;
      readonly budget: Budget | null;
    };

interface TeamCardProps {
  readonly team: Team | null;
  /** Undefined: it is only looked at. */
  readonly acts?: TeamActs | undefined;
  /** Those that can be assigned; undefined: whoever looks cannot see them. */
  readonly keys?: readonly TeamKey[] | undefined;
}

/** Who is in a team, by which keys they spend, and what is left of each budget. */
export function TeamCard({ team, acts, keys }: TeamCardProps) {
  const texts = useTexts(teamTexts);
  const [open, setOpen] = useState<Open>();
  const onClose = () => setOpen(undefined);
  return (
    <Card title={team?.name ?? texts.none}>
      {team && team.members.length > 0 ? (
        <Members team={team} acts={acts} canAssign={keys !== undefined} onOpen={setOpen} />
      ) : (
        <div className="empty">
          <p>{team ? texts.nobody : texts.noneWhy}</p>
        </div>
      )}
      {acts && (
        <div className="card-body">
          <div className="actions">
            <button
              className="button"
              type="button"
              onClick={() => setOpen({ act: team ? 'add' : 'create' })}
            >
              {team ? texts.add : texts.create}
            </button>
          </div>
        </div>
      )}
      {acts && open?.act === 'create' && <CreateTeam acts={acts} onClose={onClose} />}
      {acts && open?.act === 'add' && <AddMember acts={acts} onClose={onClose} />}
      {acts && open?.act === 'remove' && <RemoveMember acts={acts} member={open.member} onClose={onClose} />}
      {acts && team && keys && open?.act === 'assign' && (
        <AssignKey
          {...{ acts, member: open.member, onClose }}
          keys={keys.filter(({ tokenId }) => !hasKey(team, open.member, tokenId))}
        />
      )}
      {acts && open?.act === 'budget' && (
        <SetBudget acts={acts} of={open} budget={open.budget} onClose={onClose} />
      )}
    </Card>
  );
}

const hasKey = ({ members }: Team, member: string, tokenId: number): boolean =>
  members.some(
    ({ external_user_id: name, keys }) => name === member && keys.some((key) => key.token_id === tokenId),
  );

interface MembersProps {
  readonly team: Team;
  readonly acts: TeamActs | undefined;
  readonly canAssign: boolean;
  readonly onOpen: (open: Open) => void;
}

function Members({ team, acts, canAssign, onOpen }: MembersProps) {
  const texts = useTexts(teamTexts);
  const columns = texts.columns
    .slice(0, acts ? 5 : 4)
    .map((name, index) => ({ name, isFigure: index > 0 && index < 4, isHidden: index === 4 }));
  return (
    <Table label={team.name} columns={columns}>
      {team.members.flatMap((member) => rowsOf(member, acts && onOpen, canAssign))}
    </Table>
  );
}

const rowsOf = (member: Member, onOpen: ((open: Open) => void) | undefined, canAssign: boolean) => {
  const { external_user_id: name, budget } = member;
  return [
    <BudgetRow
      key={name}
      name={name}
      budget={budget}
      onBudget={onOpen && (() => onOpen({ act: 'budget', member: name, budget }))}
      onAssign={onOpen && canAssign ? () => onOpen({ act: 'assign', member: name }) : undefined}
      onRemove={onOpen && (() => onOpen({ act: 'remove', member: name }))}
    />,
    ...member.keys.map((key) => (
      <BudgetRow
        key={key.token_id}
        isKey
        name={`${key.token_name} ${key.key_mask}`}
        budget={key.budget}
        onBudget={
          onOpen &&
          (() => onOpen({ act: 'budget', tokenId: key.token_id, name: key.token_name, budget: key.budget }))
        }
      />
    )),
  ];
};

interface BudgetRowProps {
  readonly name: string;
  readonly budget: Budget | null;
  readonly isKey?: boolean;
  readonly onBudget?: (() => void) | undefined;
  readonly onAssign?: (() => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
}

function BudgetRow({ name, budget, isKey = false, onBudget, onAssign, onRemove }: BudgetRowProps) {
  const texts = useTexts(teamTexts);
  const zone = useZone();
  return (
    <tr>
      <th scope="row" title={name}>
        {isKey ? <small>{name}</small> : name}
      </th>
      <td className="figure">
        {budget ? texts.each(`$${budget.usd}`, texts.periods[budget.period]) : texts.unlimited}
      </td>
      <td className="figure">{budget ? <Money quota={budget.used_quota} /> : '–'}</td>
      <td className="figure" title={budget ? texts.until(moment(budget.ends_at, zone)) : undefined}>
        {budget ? <Money quota={budget.left_quota} /> : '–'}
      </td>
      {onBudget && (
        <td className="last">
          <span className="actions">
            <button className="button quiet small" type="button" onClick={onBudget}>
              {texts.budget}
            </button>
            {onAssign && (
              <button className="button quiet small" type="button" onClick={onAssign}>
                {texts.assign}
              </button>
            )}
            {onRemove && (
              <button className="button quiet small" type="button" onClick={onRemove}>
                {texts.remove}
              </button>
            )}
          </span>
        </td>
      )}
    </tr>
  );
}

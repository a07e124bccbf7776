import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { CopyButton } from '../../parts/copy.tsx';
import { FormFailure } from '../../parts/failure.tsx';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Money } from '../../parts/money.tsx';
import { Card, PageHead } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { type Invited, type Referral, REFERRAL, referralQuery } from './referral-queries.ts';
import { referralsTexts } from './referrals.texts.ts';

/** One's own code, whom one invited by it, and what that brought. */
export function ReferralPage() {
  const texts = useTexts(referralsTexts);
  const referral = useQuery(referralQuery);
  return (
    <>
      <PageHead title={texts.title} lead={<Lead referral={referral.data} />} />
      <Loaded
        query={referral}
        skeleton={
          <section className="card">
            <SkeletonLines lines={6} />
          </section>
        }
      >
        {(data) => (
          <>
            <CodeCard code={data.aff_code} />
            <InvitedCard referral={data} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Lead({ referral }: { readonly referral: Referral | undefined }) {
  const texts = useTexts(referralsTexts);
  if (!referral) return null;
  const percent = `${count(Number(referral.part) * 100)} %`;
  return <>{referral.part === '0' ? texts.leadNothing : texts.lead(percent, count(referral.days))}</>;
}

function CodeCard({ code }: { readonly code: string }) {
  const texts = useTexts(referralsTexts);
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => (await answer(api.POST('/api/user/referral/code'))).data,
    onSuccess: (data) => queryClient.setQueryData(REFERRAL, data),
  });
  if (code === '')
    return (
      <Card title={texts.code}>
        <div className="card-body">
          <p>{texts.none}</p>
          <FormFailure error={error} fields={[]} />
          <div className="actions">
            <button className="button" type="button" disabled={isPending} onClick={() => mutate()}>
              {texts.make}
            </button>
          </div>
        </div>
      </Card>
    );
  const link = `${location.origin}/portal/register?aff=${encodeURIComponent(code)}`;
  return (
    <Card title={texts.code} foot={texts.codeHint}>
      <div className="card-body">
        <p className="with-copy">
          <code>{code}</code>
          <CopyButton text={code} />
        </p>
        <p className="with-copy">
          <code>{link}</code>
          <CopyButton text={link} />
        </p>
      </div>
    </Card>
  );
}

function InvitedCard({ referral }: { readonly referral: Referral }) {
  const texts = useTexts(referralsTexts);
  const columns = texts.columns.map((name, index) => ({ name, isFigure: index > 0 }));
  if (referral.newest.length === 0)
    return (
      <Card title={texts.nobody}>
        <div className="empty">
          <p>{texts.nobodyWhy}</p>
        </div>
      </Card>
    );
  const title = texts.invited(count(referral.invited));
  return (
    <Card title={title} foot={texts.nobodyWhy}>
      <Table label={title} columns={columns} foot={<Sums referral={referral} />}>
        {referral.newest.map((invited, index) => (
          <InvitedRow key={index} invited={invited} />
        ))}
      </Table>
    </Card>
  );
}

function Sums({ referral }: { readonly referral: Referral }) {
  const texts = useTexts(referralsTexts);
  return (
    <tfoot>
      <tr>
        <th scope="row">{texts.sum}</th>
        <Figures of={referral} />
      </tr>
    </tfoot>
  );
}

function InvitedRow({ invited }: { readonly invited: Invited }) {
  const zone = useZone();
  return (
    <tr>
      <th scope="row">{moment(invited.invited_at, zone)}</th>
      <Figures of={invited} />
    </tr>
  );
}

function Figures({ of }: { readonly of: Invited | Referral }) {
  return (
    <>
      <td className="figure">{count(of.orders)}</td>
      <td className="figure">
        <Money quota={of.pending_quota} />
      </td>
      <td className="figure">
        <Money quota={of.given_quota} />
      </td>
      <td className="figure">
        <Money quota={of.withdrawn_quota} />
      </td>
    </>
  );
}

import { Link } from '@tanstack/react-router';
import { Tabs } from '../../parts/tabs.tsx';
import { useTexts } from '../../texts.ts';
import { codesTexts } from '../codes/codes.texts.ts';
import { grantsTexts } from '../grants/grants.texts.ts';
import { flagsTexts } from '../order-flags/flags.texts.ts';
import { ordersTexts } from '../orders/orders.texts.ts';
import { payProvidersTexts } from '../payment-providers/pay-providers.texts.ts';
import { teamTexts } from '../../team/team.texts.ts';
import { referralsTexts } from '../referrals/referrals.texts.ts';
import { plansTexts } from '../plans/plans.texts.ts';
import { paymentsTexts } from './payments.texts.ts';

/** What was paid, what was ordered, what of it does not fit, what was given, what gives it, and who takes the money. */
export function PaymentTabs({
  at,
}: {
  readonly at:
    | 'payments'
    | 'orders'
    | 'flags'
    | 'grants'
    | 'codes'
    | 'referrals'
    | 'plans'
    | 'teams'
    | 'providers';
}) {
  const payments = useTexts(paymentsTexts);
  const orders = useTexts(ordersTexts);
  const flags = useTexts(flagsTexts);
  const grants = useTexts(grantsTexts);
  const codes = useTexts(codesTexts);
  const referrals = useTexts(referralsTexts);
  const plans = useTexts(plansTexts);
  const team = useTexts(teamTexts);
  const providers = useTexts(payProvidersTexts);
  const tabs = [
    { name: payments.title, to: '/admin/payments', id: 'payments' },
    { name: orders.title, to: '/admin/orders', id: 'orders' },
    { name: flags.title, to: '/admin/order-flags', id: 'flags' },
    { name: grants.title, to: '/admin/grants', id: 'grants' },
    { name: codes.title, to: '/admin/codes', id: 'codes' },
    { name: referrals.title, to: '/admin/referrals', id: 'referrals' },
    { name: plans.title, to: '/admin/plans', id: 'plans' },
    { name: team.teams, to: '/admin/teams', id: 'teams' },
    { name: providers.title, to: '/admin/payment-providers', id: 'providers' },
  ] as const;
  return (
    <Tabs label={payments.title}>
      {tabs.map(({ id, name, to }) => (
        <Link
          key={id}
          to={to}
          aria-current={id === at ? 'page' : undefined}
          activeProps={{ 'aria-current': id === at ? 'page' : undefined }}
        >
          {name}
        </Link>
      ))}
    </Tabs>
  );
}

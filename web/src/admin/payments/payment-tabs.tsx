import { Link } from '@tanstack/react-router';
import { useTexts } from '../../texts.ts';
import { ordersTexts } from '../orders/orders.texts.ts';
import { paymentsTexts } from './payments.texts.ts';

/** What was paid, and what was ordered. */
export function PaymentTabs({ at }: { readonly at: 'payments' | 'orders' }) {
  const payments = useTexts(paymentsTexts);
  const orders = useTexts(ordersTexts);
  const tabs = [
    { name: payments.title, to: '/admin/payments', id: 'payments' },
    { name: orders.title, to: '/admin/orders', id: 'orders' },
  ] as const;
  return (
    <nav className="tabs" aria-label={payments.title}>
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
    </nav>
  );
}

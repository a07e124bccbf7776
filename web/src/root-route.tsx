import { createRootRoute, type ErrorComponentProps, Link, Outlet } from '@tanstack/react-router';
import { Failure } from './parts/failure.tsx';
import { partTexts } from './parts/parts.texts.ts';
import { Toasts } from './parts/toasts.tsx';
import { Gate } from './shell/gate.tsx';
import { useTexts } from './texts.ts';

function NotFound() {
  const texts = useTexts(partTexts);
  return (
    <Gate>
      <div className="stack">
        <h1>{texts.notFound}</h1>
        <p>
          <Link to="/portal">{texts.toHome}</Link>
        </p>
      </div>
    </Gate>
  );
}

const Broken = ({ error, reset }: ErrorComponentProps) => (
  <main className="main">
    <div className="card">
      <Failure error={error} retry={reset} />
    </div>
  </main>
);

export const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFound,
  errorComponent: Broken,
});

import { createRouter } from '@tanstack/react-router';
import { adminRoutes } from './admin/routes.tsx';
import { portalRoutes } from './portal/routes.tsx';
import { rootRoute } from './root-route.tsx';

export const router = createRouter({
  routeTree: rootRoute.addChildren([...portalRoutes, ...adminRoutes]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

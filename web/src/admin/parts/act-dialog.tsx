import { ActDialog as Dialog, type ActDialogProps } from '../../parts/act-dialog.tsx';

/** One act of an operator, with its reason; what Admin shows is read again after it. */
export const ActDialog = <Done,>(props: Omit<ActDialogProps<Done>, 'refreshes'>) => (
  <Dialog {...props} refreshes={['admin']} />
);

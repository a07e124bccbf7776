import { Link } from '@tanstack/react-router';

export const UserLink = ({ id }: { readonly id: string }) => (
  <Link to="/admin/users/$id" params={{ id }}>
    {id}
  </Link>
);

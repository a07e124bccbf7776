/** Has every migration applied; nobody is ever connected to it, or it could not be copied. */
export const TEMPLATE_DATABASE = 'counterfoil_template';

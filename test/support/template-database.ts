/** Has every migration applied; nobody is ever connected to it, or it could not be copied. */
export const TEMPLATE_DATABASE = 'counterfoil_template';

/** Has the tables of the read models as well, empty, with days in UTC: to make them takes as long as all else a small suite does. */
export const TEMPLATE_WITH_READ_MODELS = 'counterfoil_template_read_models';

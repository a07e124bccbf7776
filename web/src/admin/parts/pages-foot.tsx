export { PagesFoot } from '../../parts/pages-foot.tsx';

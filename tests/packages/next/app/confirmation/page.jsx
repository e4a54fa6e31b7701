import { Purchase } from '../tag';

export default async function Confirmation({ searchParams }) {
  const { order } = await searchParams;
  return (
    <>
      <h1 id="thanks">Thank you</h1>
      <Purchase order={{ purchase_id: order, total_quantity: 3, total_price: '180.75' }} />
    </>
  );
}

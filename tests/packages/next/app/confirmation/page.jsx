import { Purchase } from '../tag';

const LINES = [
  { quantity: 3, price: '180.75', url: 'https://shop.example/mug', product_id: 'P-1', name: 'Mug', unit_price: '60.25' },
];

export default async function Confirmation({ searchParams }) {
  const { order } = await searchParams;
  return (
    <>
      <h1 id="thanks">Thank you</h1>
      <Purchase order={{ purchase_id: order, total_quantity: 3, total_price: '180.75', product_basket_item: LINES }} />
    </>
  );
}

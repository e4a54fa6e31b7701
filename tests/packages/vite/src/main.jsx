import { init, purchase } from 'cn-purchase-tag';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const ORDER = {
  purchase_id: '10023',
  total_quantity: 3,
  total_price: '180.75',
  product_basket_item: [
    { quantity: 3, price: '180.75', url: 'https://shop.example/mug', product_id: 'P-1', name: 'Mug', unit_price: '60.25' },
  ],
};

function Shop() {
  const [page, show] = useState('cart');
  useEffect(() => {
    init({ site: 'demo', collector: 'https://collector.example' });
  }, []);
  return page === 'cart' ? <button id="buy" onClick={() => show('confirmation')}>Buy</button> : <Confirmation order={ORDER} />;
}

function Confirmation({ order }) {
  useEffect(() => {
    purchase(order);
    window.effects = (window.effects || 0) + 1;
  }, [order]);
  return <h1 id="thanks">Thank you</h1>;
}

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
);

'use client';

import { init, purchase } from 'cn-purchase-tag';
import { useEffect } from 'react';

export function Tag() {
  useEffect(() => {
    init({ site: 'demo', collector: 'https://collector.example' });
  }, []);
  return null;
}

export function Purchase({ order }) {
  useEffect(() => purchase(order), [order]);
  return null;
}

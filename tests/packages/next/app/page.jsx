import Link from 'next/link';

export default function Cart() {
  return <Link id="buy" href="/confirmation?order=10023">Buy</Link>;
}

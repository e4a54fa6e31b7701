import { Tag } from './tag';

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Tag />
      </body>
    </html>
  );
}

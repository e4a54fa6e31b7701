//! The script tag as shops put it on their pages: where its files lie, what its page forbids, what else the page does.

mod integrity;
mod places;
mod policies;
mod shop;
mod signed;
mod single_page;
mod site;
mod snippet;
mod twice;

//! A statement with its values, for either database.

use std::borrow::Cow;

use sqlx::{Arguments, AssertSqlSafe, Encode, SqlSafeStr, SqlStr, Type, error::BoxDynError};

/// What may be bound. Amounts and times are never floating point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `TEXT`
    Text(Option<String>),
    /// `BIGINT`
    Integer(Option<i64>),
    /// `BOOLEAN`
    Boolean(Option<bool>),
}

/// SQL that SQLite and PostgreSQL understand alike, with its values. Places are `$1`, `$2`, … in the order of [`Statement::bind`].
#[derive(Clone, Debug)]
pub struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// Begins a statement. What comes from outside is bound, never part of the text.
pub fn sql(text: &'static str) -> Statement {
    Statement {
        text: Cow::Borrowed(text),
        values: Vec::new(),
    }
}

impl Statement {
    /// Binds the next value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Statement {
        self.values.push(value.into());
        self
    }

    /// Adds text, for statements whose conditions depend on what is asked for.
    pub fn push(&mut self, text: &'static str) -> &mut Statement {
        self.text.to_mut().push_str(text);
        self
    }

    /// Adds the place of a value and binds the value.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Statement {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.text.to_mut().push_str(&place);
        self
    }

    /// For a database: its text and its arguments.
    pub(super) fn split<A>(self) -> Result<(SqlStr, A), sqlx::Error>
    where
        A: Arguments,
        Option<String>: Encode<'static, A::Database> + Type<A::Database>,
        Option<i64>: Encode<'static, A::Database> + Type<A::Database>,
        Option<bool>: Encode<'static, A::Database> + Type<A::Database>,
    {
        let text = match self.text {
            Cow::Borrowed(text) => text.into_sql_str(),
            // All of it comes from `&'static str`, by this module's only ways in.
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        };
        let arguments = arguments(self.values).map_err(sqlx::Error::Encode)?;
        Ok((text, arguments))
    }
}

fn arguments<A>(values: Vec<Value>) -> Result<A, BoxDynError>
where
    A: Arguments,
    Option<String>: Encode<'static, A::Database> + Type<A::Database>,
    Option<i64>: Encode<'static, A::Database> + Type<A::Database>,
    Option<bool>: Encode<'static, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Boolean(truth) => arguments.add(truth),
        }?;
    }
    Ok(arguments)
}

/// PostgreSQL's texts cannot hold U+0000. It is written as U+FFFD in both databases, so that they hold the same.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(without_nul(text)))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(if text.contains('\0') { without_nul(&text) } else { text }))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        text.as_str().into()
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(without_nul))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        text.as_deref().into()
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Value {
        text.as_deref().into()
    }
}

impl From<Option<&String>> for Value {
    fn from(text: Option<&String>) -> Value {
        text.map(String::as_str).into()
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Value {
        Value::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Boolean(Some(truth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_on() {
        let mut statement = sql("SELECT a FROM t WHERE b = $1").bind("x\0y");
        statement
            .push(" AND c > ")
            .push_bind(5)
            .push(" LIMIT ")
            .push_bind(None::<i64>);
        assert_eq!(statement.text, "SELECT a FROM t WHERE b = $1 AND c > $2 LIMIT $3");
        let values = [Value::from("x\u{fffd}y"), Value::Integer(Some(5)), Value::Integer(None)];
        assert_eq!(statement.values, values);
    }
}

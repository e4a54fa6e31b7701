//! Passwords: Argon2id with the parameters that its library recommends (OWASP's second choice: 19 MiB, 2 passes).

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

/// Shortest password, in characters (NIST SP 800-63B-4 asks for 15 where it is the only factor).
pub const PASSWORD_CHARS_MIN: usize = 15;

/// Longest password, in bytes: hashing must not be given work without end.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// Longest name, in bytes.
pub const NAME_BYTES_MAX: usize = 64;

/// What nobody's password hashes to: a wrong name takes the same time as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0IQ$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    Short,
    /// Too long.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    Long,
    /// The machine gives no random numbers.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// A password as it is stored, in the PHC string format. Takes tens of milliseconds of computing.
///
/// # Errors
/// If the password is too short or too long, or the machine gives no random numbers.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordError::Short);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::Long);
    }
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    Ok(hashed.map_err(PasswordError::Hash)?.to_string())
}

/// Whether this is the password; without a stored one never, after the same time. Takes tens of milliseconds of computing.
pub fn is_right(password: &str, stored: Option<&str>) -> bool {
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODY)) else {
        return false;
    };
    let verified = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    verified && stored.is_some()
}

/// A name as it is stored: without blanks around it, in lower case; none if it is no name.
pub fn name(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let fits = !name.is_empty() && name.len() <= NAME_BYTES_MAX;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    (fits && name.chars().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_kept_as_a_salted_hash() {
        let password = "correct horse battery";
        let (first, second) = (hash(password).expect("hashed"), hash(password).expect("hashed"));
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        assert!(is_right(password, Some(&first)) && is_right(password, Some(&second)));
        assert!(!is_right("correct horse batterz", Some(&first)));
        assert!(!is_right(password, None) && !is_right(password, Some("")));
        assert!(matches!(hash("fourteen chars"), Err(PasswordError::Short)));
        assert!(matches!(hash(&"x".repeat(1_025)), Err(PasswordError::Long)));
    }

    #[test]
    fn what_nobody_has_is_a_hash_that_takes_its_time() {
        let nobody = PasswordHash::new(NOBODY).expect("well-formed");
        assert_eq!(nobody.to_string(), NOBODY);
        let own = hash("a password of somebody").expect("hashed");
        assert!(
            own.starts_with(&NOBODY[..31]),
            "the parameters are those of the library"
        );
    }

    #[test]
    fn names_are_lower_case_without_surprises() {
        assert_eq!(
            name(" Ana.García@shop.example "),
            Some("ana.garcía@shop.example".to_owned())
        );
        for wrong in ["", "  ", "a b", "<b>", "a\nb", &"x".repeat(65)] {
            assert_eq!(name(wrong), None, "{wrong:?}");
        }
    }
}

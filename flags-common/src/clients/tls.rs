//! What can go wrong before anything is said by `https`, in words.

use rustls::{AlertDescription, CertificateError, Error};

use crate::download::error::FlagError;

/// What the error of a handshake means for who wants a flag.
pub(super) fn explain(error: &Error) -> FlagError {
    match error {
        Error::InvalidCertificate(error) => FlagError::Certificate(fault(error)),
        // What came was no TLS at all, most likely HTTP.
        Error::InvalidMessage(_) => FlagError::NotTls,
        Error::PeerIncompatible(_)
        | Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => FlagError::OldTls,
        _ => FlagError::Tls,
    }
}

/// What is wrong with a certificate.
fn fault(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet; is the clock of this machine right?"
        }
        CertificateError::NotValidForName
        | CertificateError::NotValidForNameContext { .. } => "is that of another host",
        CertificateError::UnknownIssuer => {
            "is self-signed, or signed by somebody who is not trusted here"
        }
        CertificateError::Revoked => "has been revoked",
        // One that has signed itself as an authority does, which is what the tools make
        // when they are not told otherwise, is not told from other oddities.
        CertificateError::Other(_) => "is self-signed, or not one for a site",
        _ => "is not valid",
    }
}

#[cfg(test)]
mod tests {
    use rustls::{InvalidMessage, PeerIncompatible};

    use super::*;

    #[test]
    fn what_a_learner_meets_has_words() {
        for (error, words) in [
            (CertificateError::UnknownIssuer.into(), "self-signed"),
            (CertificateError::Expired.into(), "expired"),
            (CertificateError::NotValidYet.into(), "clock"),
            (CertificateError::NotValidForName.into(), "another host"),
            (CertificateError::BadSignature.into(), "not valid"),
            (InvalidMessage::InvalidContentType.into(), "not spoken"),
            (PeerIncompatible::ServerDoesNotSupportTls12Or13.into(), "too old"),
            (Error::AlertReceived(AlertDescription::ProtocolVersion), "too old"),
            (Error::DecryptError, "https failed"),
        ] {
            let text = explain(&error).to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}

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

#[cfg(all(test, feature = "reqwest", feature = "ureq"))]
#[path = "../../tests/downloader/tls_site.rs"]
mod tls_site;

#[cfg(test)]
mod tests {
    use rustls::{InvalidMessage, PeerIncompatible};

    use super::*;

    /// Why a client refuses the certificate of a site, where it trusts the authority of
    /// the tests, and no other.
    #[cfg(all(feature = "reqwest", feature = "ureq"))]
    fn refusal(certificate: &'static [u8]) -> String {
        use std::sync::Arc;

        use rustls::crypto::ring;
        use rustls::{ClientConfig, RootCertStore};
        use ureq::tls::{Certificate, RootCerts, TlsConfig};

        const AUTHORITY: &[u8] =
            include_bytes!("../../tests/downloader/certificates/authority.der");
        let url = tls_site::start(certificate);

        let roots = RootCerts::new_with_certs(&[Certificate::from_der(AUTHORITY)]);
        let tls = TlsConfig::builder().root_certs(roots).build();
        let agent = ureq::Agent::config_builder().tls_config(tls).proxy(None).build();
        let by_ureq = FlagError::from(agent.new_agent().get(&url).call().unwrap_err());

        let mut roots = RootCertStore::empty();
        roots.add(AUTHORITY.into()).unwrap();
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
        let request = client.no_proxy().build().unwrap().get(&url);
        let answer = crate::clients::reqwest::event_loop().block_on(request.send());
        let by_reqwest = FlagError::from(answer.unwrap_err());

        assert_eq!(by_ureq.to_string(), by_reqwest.to_string());
        by_ureq.to_string()
    }

    #[cfg(all(feature = "reqwest", feature = "ureq"))]
    #[test]
    fn both_clients_refuse_a_certificate_in_the_same_words() {
        const OTHER_HOST: &[u8] =
            include_bytes!("../../tests/downloader/certificates/other-host.der");
        for (certificate, words) in [
            (OTHER_HOST, "is that of another host"),
            (tls_site::EXPIRED, "has expired"),
            (tls_site::SELF_SIGNED, "is self-signed, or signed by somebody who is not"),
            (tls_site::SELF_SIGNED_AUTHORITY, "is self-signed, or not one for a site"),
        ] {
            let text = refusal(certificate);
            let expected = format!("https failed: the site's certificate {words}");
            assert!(text.starts_with(&expected), "{text}");
        }
    }

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

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Why a call to a partner brought no usable answer.</summary>
public enum OutboundFailure
{
    /// <summary>The URL or a header cannot be sent.</summary>
    BadRequest,
    /// <summary>The host leads to an address that may not be called.</summary>
    AddressRefused,
    /// <summary>All slots of this destination were taken for as long as the call was allowed to last.</summary>
    Busy,
    /// <summary>The host name is unknown.</summary>
    NameNotFound,
    /// <summary>The host answered that nothing listens on the port.</summary>
    ConnectionRefused,
    /// <summary>No route, network down, or the connection was cut while it was being made.</summary>
    Unreachable,
    /// <summary>No connection within the connect timeout.</summary>
    ConnectTimeout,
    /// <summary>The certificate is past its last day or before its first.</summary>
    CertificateExpired,
    /// <summary>The certificate belongs to another host.</summary>
    CertificateWrongHost,
    /// <summary>The certificate comes from nobody we trust.</summary>
    CertificateUntrusted,
    /// <summary>No secure connection for another reason: protocol version, cipher, handshake cut off.</summary>
    TlsFailed,
    /// <summary>Nothing came back within the first-byte timeout.</summary>
    FirstByteTimeout,
    /// <summary>The answer began and did not end within the total timeout.</summary>
    TotalTimeout,
    /// <summary>What came back is not HTTP.</summary>
    NotHttp,
    /// <summary>The head of the answer is larger than 64 KiB.</summary>
    HeadersTooLarge,
    /// <summary>The body is larger than the call allows, counted after decompression.</summary>
    BodyTooLarge,
    /// <summary>The body is packed in a way that was not asked for, or packed twice.</summary>
    UnknownEncoding,
    /// <summary>The connection broke off in the middle of the answer, or the packed body is damaged.</summary>
    BrokenOff,
}

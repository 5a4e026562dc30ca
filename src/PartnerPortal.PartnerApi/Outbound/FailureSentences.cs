using System.Security.Authentication;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Turns whatever stopped one call into a category and a sentence. Nothing that either side sent goes into the sentence: it is shown on pages and kept in logs.</summary>
internal sealed class FailureSentences(CallClock clock)
{
    private readonly OutboundLimits _limits = clock.Call.Limits;
    private readonly string _host = clock.Call.Url.IdnHost;

    /// <summary>The call stopped before the head of the answer was complete. Null when the caller gave up itself.</summary>
    public OutboundException? OfHead(Exception cause, CancellationToken caller)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (inner is OutboundException known)
            {
                return known;
            }
        }

        return cause switch
        {
            OperationCanceledException when caller.IsCancellationRequested => null,
            OperationCanceledException => LateHead(cause),
            HttpRequestException fault => OfRequest(fault),
            _ => Of(OutboundFailure.BrokenOff, $"{_host} cut the connection before it answered.", cause),
        };
    }

    /// <summary>The call stopped while the body was read. Null when the caller gave up itself.</summary>
    public OutboundException? OfBody(Exception cause, long onWire, CancellationToken caller) => cause switch
    {
        OperationCanceledException when caller.IsCancellationRequested => null,
        OperationCanceledException => Of(OutboundFailure.TotalTimeout,
            $"{_host} began to answer but did not finish within {Sentences.Of(_limits.Total)} ({Sentences.Of(onWire)} came).", cause),
        InvalidDataException => Of(OutboundFailure.BrokenOff, $"{_host} sent a packed answer that is damaged or incomplete.", cause),
        _ => Of(OutboundFailure.BrokenOff, $"{_host} cut the connection in the middle of its answer ({Sentences.Of(onWire)} came).", cause),
    };

    public OutboundException TooLarge() =>
        Of(OutboundFailure.BodyTooLarge, $"{_host} sent more than {Sentences.Of(_limits.MaxBytes)}; reading was stopped there.", null);

    public OutboundException UnknownEncoding() => Of(OutboundFailure.UnknownEncoding,
        $"{_host} packed its answer in a way that was not asked for (Content-Encoding); only gzip or br, once, are read.", null);

    private OutboundException LateHead(Exception cause)
    {
        var first = _limits.FirstByte < _limits.Total ? _limits.FirstByte : _limits.Total;
        return clock switch
        {
            { Dialled: true, Connect: null } => Of(OutboundFailure.ConnectTimeout, $"{_host} did not accept a connection within {Sentences.Of(first)}.", cause),
            { Dialled: true, Tls: null } when clock.Call.Url.Scheme == "https" =>
                Of(OutboundFailure.TlsFailed, $"{_host} accepted the connection but did not secure it within {Sentences.Of(first)}.", cause),
            _ => Of(OutboundFailure.FirstByteTimeout, $"{_host} accepted the connection but did not begin to answer within {Sentences.Of(first)}.", cause),
        };
    }

    private OutboundException OfRequest(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.ConfigurationLimitExceeded =>
            Of(OutboundFailure.HeadersTooLarge, $"{_host} sent a head of more than {GuardedHttpClient.MaxHeaderKilobytes} KiB.", fault),
        HttpRequestError.SecureConnectionError => Of(OutboundFailure.TlsFailed, fault.InnerException is AuthenticationException
            ? $"{_host} and this portal found no common way to secure the connection."
            : $"{_host} does not speak TLS on port {clock.Call.Url.Port}, or cut the handshake off.", fault),
        HttpRequestError.InvalidResponse => Of(OutboundFailure.NotHttp, $"What {_host} sent is not an HTTP answer.", fault),
        HttpRequestError.ConnectionError => fault.InnerException is OperationCanceledException
            ? LateHead(fault)
            : Of(OutboundFailure.Unreachable, $"{_host} cannot be reached.", fault),
        _ => Of(OutboundFailure.BrokenOff, $"{_host} cut the connection before it answered.", fault),
    };

    private OutboundException Of(OutboundFailure failure, string sentence, Exception? cause) =>
        new(failure, sentence, cause) { Timings = clock.Read() };
}

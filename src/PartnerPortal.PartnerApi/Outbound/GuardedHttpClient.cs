using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>The one way out: every call to a partner goes through here, so every rule about addresses, time, size and certificates holds for all of them.</summary>
/// <remarks>No proxy, no redirects, no cookies, no credentials of this machine, HTTP/1.1. Verified against OWASP ASVS 5.0 1.3.6 and 15.3.2 by the tests of this folder.</remarks>
public sealed class GuardedHttpClient : IDisposable
{
    /// <summary>Largest head of an answer, in KiB.</summary>
    public const int MaxHeaderKilobytes = 64;

    // What the client sets itself, and what would let a caller break its framing.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Accept-Encoding", "Upgrade", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
    };

    private readonly HttpMessageInvoker _invoker;
    private readonly DestinationSlots _slots;

    /// <summary>Makes a client; a program holds one for all its calls.</summary>
    /// <param name="allowed">Destinations outside the public internet.</param>
    /// <param name="perDestination">Calls to one destination at the same time, at least 1.</param>
    /// <param name="authorities">Certificate authorities trusted beside the system's.</param>
    /// <param name="resolve">Name look-up; null means the system's.</param>
    public GuardedHttpClient(AllowedList allowed, int perDestination = 4, X509Certificate2Collection? authorities = null, ResolveName? resolve = null)
    {
        var certificates = new CertificateCheck(authorities ?? []);
        _slots = new DestinationSlots(perDestination);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = new GuardedConnection(allowed, resolve ?? Dns.GetHostAddressesAsync).OpenAsync,
            PlaintextStreamFilter = (context, _) =>
            {
                if (context.InitialRequestMessage.Options.TryGetValue(CallClock.Key, out var clock) && clock.Call.Url.Scheme == "https")
                {
                    clock.Tls = clock.Elapsed - clock.Resolve - clock.Connect;
                }

                return ValueTask.FromResult(context.PlaintextStream);
            },
            SslOptions = { RemoteCertificateValidationCallback = certificates.Accept },
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        });
    }

    /// <summary>Sends a call and returns when the head of the answer is there.</summary>
    /// <param name="call">What to send.</param>
    /// <param name="cancellation">Ends the call; it throws <see cref="OperationCanceledException"/> then.</param>
    /// <returns>The answer, whatever its status. Dispose it.</returns>
    /// <exception cref="OutboundException">No answer; category and sentence say why.</exception>
    public async Task<OutboundResponse> SendAsync(OutboundRequest call, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (OutboundAddress.Read(call.Url.OriginalString, out var url) is { } sentence)
        {
            throw new OutboundException(OutboundFailure.BadRequest, sentence);
        }

        using var request = Message(call, url!);
        var slot = await _slots.TakeAsync(call.Destination ?? url!.Authority, call.Limits.Total, cancellation);
        var clock = new CallClock(call);
        var failures = new FailureSentences(clock);
        request.Options.Set(CallClock.Key, clock);
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(call.Limits.Total);
        HttpResponseMessage? response = null;
        try
        {
            using (var firstByte = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token))
            {
                firstByte.CancelAfter(call.Limits.FirstByte);
                response = await _invoker.SendAsync(request, firstByte.Token);
            }

            clock.FirstByte = clock.Elapsed;
            var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            var bounded = BoundedBody.Over(body, Encoding(response), call.Limits, failures, deadline.Token);
            return new OutboundResponse(response, bounded, clock, deadline, slot);
        }
        catch (Exception cause)
        {
            response?.Dispose();
            deadline.Dispose();
            slot.Dispose();
            if (failures.OfHead(cause, cancellation) is not { } known)
            {
                throw;
            }

            known.Timings ??= clock.Read();
            throw known;
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose() => _invoker.Dispose();

    private static string? Encoding(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values) ? string.Join(",", values) : null;

    private static HttpRequestMessage Message(OutboundRequest call, Uri url)
    {
        var request = new HttpRequestMessage(call.Method, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (call.Body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
        }

        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        foreach (var (name, value) in call.Headers)
        {
            if (OwnHeaders.Contains(name))
            {
                throw new OutboundException(OutboundFailure.BadRequest, $"The header {name} is set by the portal itself.");
            }

            var content = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
            HttpHeaders? headers = content ? request.Content?.Headers : request.Headers;
            if (value.AsSpan().ContainsAny('\r', '\n', '\0') || headers is null || !headers.TryAddWithoutValidation(name, value))
            {
                throw new OutboundException(OutboundFailure.BadRequest, content && headers is null
                    ? $"The header {name} describes a body, and this call has none."
                    : "A header name or value holds characters that no header may hold.");
            }
        }

        if (!request.Headers.NonValidated.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "PartnerPortal/1");
        }

        return request;
    }
}

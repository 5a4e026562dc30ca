using System.Net;
using System.Net.Http.Headers;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>A partner's answer: the head is here, the body is read by the holder within the limits of the call. Dispose it: until then it holds a slot of its destination.</summary>
public sealed class OutboundResponse : IAsyncDisposable
{
    private readonly HttpResponseMessage _message;
    private readonly CallClock _clock;
    private readonly IDisposable[] _held;
    private readonly Stream _body;

    internal OutboundResponse(HttpResponseMessage message, Stream body, CallClock clock, params IDisposable[] held)
    {
        (_message, _body, _clock, _held) = (message, body, clock, held);
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        Add(headers, message.Headers.NonValidated);
        Add(headers, message.Content.Headers.NonValidated);
        Headers = headers;
    }

    /// <summary>The status, redirects included: they are never followed.</summary>
    public HttpStatusCode Status => _message.StatusCode;

    /// <summary>The headers as they came, names in any case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; }

    /// <summary>The header <c>Content-Type</c> as it came, or null.</summary>
    public string? ContentType => Header("Content-Type");

    /// <summary>The body, unpacked and bounded. Reading throws <see cref="OutboundException"/>; only asynchronous reads work.</summary>
    public Stream Body => _body;

    /// <summary>Where the time went, up to now.</summary>
    public OutboundTimings Timings => _clock.Read();

    /// <summary>The first value of a header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>Reads the rest of the body.</summary>
    /// <exception cref="OutboundException">The body is too large, too slow, damaged or broke off.</exception>
    public async Task<byte[]> ReadBytesAsync(CancellationToken cancellation = default)
    {
        using var all = new MemoryStream();
        await _body.CopyToAsync(all, cancellation);
        return all.TryGetBuffer(out var buffer) && buffer.Count == buffer.Array!.Length ? buffer.Array : all.ToArray();
    }

    /// <summary>Closes the answer and gives the slot back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _message.Dispose();
        foreach (var held in _held)
        {
            held.Dispose();
        }
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> to, HttpHeadersNonValidated from)
    {
        foreach (var (name, values) in from)
        {
            to[name] = [.. values];
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartnerPortal.TestKit;

/// <summary>One call that a <see cref="RecordingHttp"/> got.</summary>
public sealed record RecordedCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Stands in for a service of somebody else on loopback: keeps every call, answers what the test says.</summary>
public sealed class RecordingHttp : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<RecordedCall> _calls = new();

    /// <summary>Starts on a free port.</summary>
    public RecordingHttp()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Authority = "127.0.0.1:" + ((IPEndPoint)free.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        }

        _listener.Prefixes.Add($"http://{Authority}/");
        _listener.Start();
        _ = AnswerAsync();
    }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<RecordedCall> Calls => [.. _calls];

    /// <summary>What it answers from now on.</summary>
    public (int Status, string Body) Answer { get; set; } = (200, "ok");

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var call = await _listener.GetContextAsync();
                using var reader = new StreamReader(call.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync();
                _calls.Enqueue(new(call.Request.HttpMethod, call.Request.RawUrl ?? "", call.Request.Headers.AllKeys.OfType<string>().ToDictionary(k => k, k => call.Request.Headers[k] ?? "", StringComparer.OrdinalIgnoreCase), body));
                var (status, said) = Answer;
                call.Response.StatusCode = status;
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(said));
                call.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }
    }
}

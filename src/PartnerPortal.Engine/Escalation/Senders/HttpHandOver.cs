using System.Net;
using System.Text;
using System.Text.Json;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Engine.Escalation.Senders;

/// <summary>Hands a body over by HTTP through the guarded client, and says in a sentence how it went.</summary>
public sealed class HttpHandOver(GuardedHttpClient client)
{
    private static readonly OutboundLimits Limits = OutboundLimits.Within(TimeSpan.FromSeconds(15)) with { MaxBytes = 64 * 1024 };

    /// <summary>How bodies are written.</summary>
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Posts JSON.</summary>
    public Task<Handed> PostAsync(string url, object body, CancellationToken cancel, params KeyValuePair<string, string>[] headers) =>
        PostAsync(url, JsonSerializer.SerializeToUtf8Bytes(body, Json), "application/json", cancel, headers);

    /// <summary>Posts a body.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">What.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="cancel">Cancels.</param>
    /// <param name="headers">Further headers.</param>
    /// <returns>2xx is accepted, with the first 200 characters of the answer as proof; 4xx other than 408, 425 and 429 is hopeless.</returns>
    public async Task<Handed> PostAsync(string url, byte[] body, string contentType, CancellationToken cancel, params KeyValuePair<string, string>[] headers)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return new(false, Problem: "Its address is no web address any more.", Hopeless: true);
        }

        try
        {
            await using var answer = await client.SendAsync(
                new(HttpMethod.Post, address) { Body = body, Headers = [new("Content-Type", contentType), .. headers], Limits = Limits, Destination = $"message {address.Authority}" }, cancel);
            var said = Encoding.UTF8.GetString(await answer.ReadBytesAsync(cancel)).Trim();
            var brief = said.Length > 200 ? said[..200] + "…" : said;
            var status = (int)answer.Status;
            return status is >= 200 and < 300
                ? new(true, brief.Length > 0 ? $"{status}: {brief}" : status.ToString(System.Globalization.CultureInfo.InvariantCulture))
                : new(false, Problem: $"{address.Host} answered {status}{(brief.Length > 0 ? $": {brief}" : ".")}",
                    Hopeless: status is >= 400 and < 500 && answer.Status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425));
        }
        catch (OutboundException e)
        {
            return new(false, Problem: e.Message);
        }
    }
}

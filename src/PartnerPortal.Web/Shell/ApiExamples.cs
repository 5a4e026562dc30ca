using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PartnerPortal.Web.Shell;

/// <summary>One example of a request, as it stands in the API document.</summary>
/// <param name="Summary">What it is for.</param>
/// <param name="Value">The body: JSON, or a text for what is no JSON.</param>
/// <param name="Parameters">What stands in the braces of the path; the rest is the reader's own.</param>
public sealed record ApiExample(string Summary, JsonNode Value, IReadOnlyDictionary<string, string>? Parameters = null)
{
    /// <summary>The media type that it is sent with: a text is a mail.</summary>
    public string MediaType => Value is JsonObject ? "application/json" : "message/rfc822";
}

/// <summary>
/// Examples of request bodies in the API document. They stand in the folder ApiExamples beside this file, by operation and name; a test sends every one
/// of them to its operation. What reads its body by itself has no body in the document but for these.
/// </summary>
public sealed class ApiExamples : IDocumentFilter
{
    private const string Folder = "ApiExamples/";

    /// <summary>By operation, such as <c>PUT /api/v1/schedules/{slug}</c>, and name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, ApiExample>> All { get; } = Read(typeof(ApiExamples).Assembly);

    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var (path, item) in swaggerDoc.Paths)
        {
            foreach (var (method, operation) in item.Operations ?? [])
            {
                if (All.TryGetValue($"{method} {path}", out var examples))
                {
                    Attach(operation, examples);
                }
            }
        }
    }

    private static void Attach(OpenApiOperation operation, IReadOnlyDictionary<string, ApiExample> examples)
    {
        foreach (var (name, example) in examples)
        {
            var media = MediaOf(operation, example);
            (media.Examples ??= new Dictionary<string, IOpenApiExample>())[name] = new OpenApiExample { Summary = example.Summary, Value = example.Value };
            foreach (var (part, value) in example.Parameters ?? new Dictionary<string, string>())
            {
                (ParameterOf(operation, part).Examples ??= new Dictionary<string, IOpenApiExample>())[name] = new OpenApiExample { Value = value };
            }
        }
    }

    private static OpenApiParameter ParameterOf(OpenApiOperation operation, string name)
    {
        var parameters = operation.Parameters ??= [];
        if (parameters.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == name) is not { } parameter)
        {
            parameter = new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            parameters.Add(parameter);
        }

        return parameter;
    }

    private static OpenApiMediaType MediaOf(OpenApiOperation operation, ApiExample example)
    {
        var body = operation.RequestBody as OpenApiRequestBody ?? new() { Required = true };
        operation.RequestBody = body;
        body.Content ??= new Dictionary<string, IOpenApiMediaType>();
        if (body.Content.TryGetValue(example.MediaType, out var known) && known is OpenApiMediaType media)
        {
            return media;
        }

        media = new() { Schema = new OpenApiSchema { Type = example.Value is JsonObject ? JsonSchemaType.Object : JsonSchemaType.String } };
        body.Content[example.MediaType] = media;
        return media;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, ApiExample>> Read(Assembly here)
    {
        Dictionary<string, IReadOnlyDictionary<string, ApiExample>> all = [];
        foreach (var name in here.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var file = here.GetManifestResourceStream(name)!;
            foreach (var (operation, examples) in JsonSerializer.Deserialize<Dictionary<string, IReadOnlyDictionary<string, ApiExample>>>(file, JsonSerializerOptions.Web)!)
            {
                all.Add(operation, examples);
            }
        }

        return all;
    }
}

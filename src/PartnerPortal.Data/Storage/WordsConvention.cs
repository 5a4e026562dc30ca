using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PartnerPortal.Domain;

namespace PartnerPortal.Data.Storage;

/// <summary>Every enumeration of the Domain is stored as its word ("in review"), so that psql shows what people say.</summary>
internal sealed class WordsConvention : IModelFinalizingConvention
{
    /// <inheritdoc/>
    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        foreach (var property in modelBuilder.Metadata.GetEntityTypes().SelectMany(e => e.GetDeclaredProperties()))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type.IsEnum && type.Namespace?.StartsWith("PartnerPortal.Domain", StringComparison.Ordinal) == true)
            {
                property.Builder.HasConverter(typeof(WordConverter<>).MakeGenericType(type));
                property.Builder.HasMaxLength(40);
            }
        }
    }
}

/// <summary>An enumeration's value as its word.</summary>
internal sealed class WordConverter<T>() : ValueConverter<T, string>(
    value => Words.Of(value),
    word => Read(word))
    where T : struct, Enum
{
    /// <summary>The value of a stored word.</summary>
    public static T Read(string word) => Words.TryParse<T>(word, out var value)
        ? value
        : throw new InvalidOperationException($"The database holds “{word}”, which is no {typeof(T).Name}. It was written by a newer portal.");
}

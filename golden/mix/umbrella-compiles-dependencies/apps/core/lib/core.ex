defmodule Core do
end

module Billing
end
